package io.posthorn.app;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Acts on SIGTERM and SIGINT: the first one asks for a clean stop, the second one ends the process at once. By reflection,
 * since the class is not part of the Java standard; a Java without it stops on the first signal through the shutdown
 * hook all the same.
 */
final class StopSignals {
    private static final List<String> SIGNALS = List.of("TERM", "INT");
    private static final int SIGNAL_EXIT_CODE = 130;

    private StopSignals() {}

    /** Runs the action on a thread of the JVM when the first signal comes. */
    static void install(Runnable onFirst) {
        AtomicInteger count = new AtomicInteger();
        Runnable onSignal = () -> {
            if (count.incrementAndGet() == 1) {
                onFirst.run();
            } else {
                Runtime.getRuntime().halt(SIGNAL_EXIT_CODE);
            }
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            onSignal.run();
                        }
                        return method.getReturnType() == int.class ? 0 : null;
                    });
            for (String name : SIGNALS) {
                Object unused = signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(onFirst, "posthorn-stop"));
        }
    }
}
