/** The benchmarks' command line and reports. */
@NullMarked
package io.posthorn.benchmarks;

import org.jspecify.annotations.NullMarked;
