/** The engines memory and disk: one queue over an ordered key-value map. */
@NullMarked
package io.posthorn.storage.local;

import org.jspecify.annotations.NullMarked;
