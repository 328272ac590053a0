/** The role that checks payloads, event types, schemas and URLs. */
@NullMarked
package io.posthorn.validation;

import org.jspecify.annotations.NullMarked;
