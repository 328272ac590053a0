/** What every storage engine must do. */
@NullMarked
package io.posthorn.storage.api;

import org.jspecify.annotations.NullMarked;
