/** The faults, one class each. */
@NullMarked
package io.posthorn.chaos.fault;

import org.jspecify.annotations.NullMarked;
