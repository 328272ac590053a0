package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What the logic of one instance works with. */
record Surroundings(Bus bus, Timers timers, InstantSource clock, RandomGenerator random, DispatchMetrics metrics) {}
