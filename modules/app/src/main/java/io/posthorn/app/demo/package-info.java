/** What shows a delivery to a person: a receiver that verifies signatures, and the demonstration. */
@NullMarked
package io.posthorn.app.demo;

import org.jspecify.annotations.NullMarked;
