/** The role that owns the store: it serves the engine on the bus, holds claims until something is due, and sweeps. */
@NullMarked
package io.posthorn.storage;

import org.jspecify.annotations.NullMarked;
