/** One immutable record of settings for each component, and how they are loaded. */
@NullMarked
package io.posthorn.config;

import org.jspecify.annotations.NullMarked;
