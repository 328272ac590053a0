/** The role that accepts events and serves the HTTP API. */
@NullMarked
package io.posthorn.ingestion;

import org.jspecify.annotations.NullMarked;
