/** The role that checks messages, applications, endpoints and event types before they are stored. */
@NullMarked
package io.posthorn.validation;

import org.jspecify.annotations.NullMarked;
