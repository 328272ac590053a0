/** Contract suites that every engine passes, scripted receivers and a manual clock. */
@NullMarked
package io.posthorn.testkit;

import org.jspecify.annotations.NullMarked;
