/** Typed requests over the event bus: by reference inside a process, as CBOR between processes. */
@NullMarked
package io.posthorn.bus;

import org.jspecify.annotations.NullMarked;
