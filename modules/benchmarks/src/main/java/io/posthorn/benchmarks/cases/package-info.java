/** The cases, one class each. */
@NullMarked
package io.posthorn.benchmarks.cases;

import org.jspecify.annotations.NullMarked;
