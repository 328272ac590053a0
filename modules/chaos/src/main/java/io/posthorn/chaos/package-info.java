/** The fault suite: breaks a running Posthorn and its neighbours on purpose, and counts at the receivers. */
@NullMarked
package io.posthorn.chaos;

import org.jspecify.annotations.NullMarked;
