/** The main program: which roles run where, and in which order they start and stop. */
@NullMarked
package io.posthorn.app;

import org.jspecify.annotations.NullMarked;
