/** What runs in processes of its own: the receiver, the generator, the bare client loop and a bare web server. */
@NullMarked
package io.posthorn.benchmarks.load;

import org.jspecify.annotations.NullMarked;
