/** What every fault needs: the node as a process, its neighbours, load, receivers, and the judgement. */
@NullMarked
package io.posthorn.chaos.run;

import org.jspecify.annotations.NullMarked;
