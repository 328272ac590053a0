package io.posthorn.storage;

/** Which store a call goes to. */
enum Route {
    /** The shared store. */
    PRIMARY,
    /** The store of this node. */
    SPARE,
    /** Neither: the call is refused and may be repeated, or is answered with nothing. */
    NOWHERE
}
