/** Metrics, tracing and logging set-up. */
@NullMarked
package io.posthorn.observability;

import org.jspecify.annotations.NullMarked;
