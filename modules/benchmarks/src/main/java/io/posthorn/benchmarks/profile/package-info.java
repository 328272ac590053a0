/** Where the time and the memory of a delivery go, told by the stacks that a flight recording holds. */
@NullMarked
package io.posthorn.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
