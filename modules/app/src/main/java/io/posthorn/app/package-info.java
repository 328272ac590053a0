/** The program: its command line, the one table of deployments, the order of start and stop. */
@NullMarked
package io.posthorn.app;

import org.jspecify.annotations.NullMarked;
