/** The packaged program and other programs as processes, and how a suite waits for them. */
@NullMarked
package io.posthorn.testkit.process;

import org.jspecify.annotations.NullMarked;
