/** The engines {@code memory} and {@code disk}: one delivery queue over an ordered map, and the two maps. */
@NullMarked
package io.posthorn.storage.local;

import org.jspecify.annotations.NullMarked;
