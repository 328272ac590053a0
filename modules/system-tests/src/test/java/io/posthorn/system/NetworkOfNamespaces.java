package io.posthorn.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A network of its own, made of Linux network namespaces. Every {@link Place} has two addresses: one in front, where this
 * process and all places reach each other whatever happens, and one behind, on the left or on the right of a link that can
 * be cut and slowed down. It is gone when it is closed, and when this process ends; what a process that was killed left
 * behind is removed by the next one. One thread.
 */
final class NetworkOfNamespaces implements AutoCloseable {
    private static final String PREFIX = "ph";
    private static final String PID = String.valueOf(ProcessHandle.current().pid());
    private static final int COMMAND_SECONDS = 20;

    /** Behind the first two octets, which differ by process so that two networks can be there at the same time. */
    private static final String FRONT = ".0.";

    private static final String BEHIND = ".1.";

    private final String own = PREFIX + PID;
    private final String octets = "10." + (64 + ProcessHandle.current().pid() % 160);
    private final String middle = own + "-net";
    private final List<String> namespaces = new ArrayList<>();
    private final Thread atEnd = new Thread(this::remove, "namespaces-end");
    private int lastHost = 1;

    /** Where a place is plugged in. */
    enum Side {
        LEFT,
        RIGHT
    }

    /** A machine, as it were: what is started there has its addresses and no others. */
    record Place(String namespace, String front, String behind) {
        /** What goes before a command that runs there. */
        List<String> prefix() {
            return List.of("ip", "netns", "exec", namespace);
        }
    }

    NetworkOfNamespaces() {
        removeLeftOvers();
        Runtime.getRuntime().addShutdownHook(atEnd);
        namespace(middle);
        for (String bridge : List.of("front", "left", "right")) {
            inMiddle("link", "add", bridge, "type", "bridge");
            inMiddle("link", "set", bridge, "up");
        }
        inMiddle("link", "add", "link-left", "type", "veth", "peer", "name", "link-right");
        for (String side : List.of("left", "right")) {
            inMiddle("link", "set", "link-" + side, "master", side);
            inMiddle("link", "set", "link-" + side, "up");
        }
        inMiddle("link", "add", "own", "type", "veth", "peer", "name", own, "netns", PID);
        inMiddle("link", "set", "own", "master", "front", "up");
        run("ip", "addr", "add", front() + "/24", "dev", own);
        run("ip", "link", "set", own, "up");
    }

    /** Why no network can be made here; empty where one can. */
    static String impediment() {
        String name = PREFIX + PID + "-try";
        try {
            String failure = failureOf(List.of("ip", "netns", "add", name));
            return failure.isEmpty() ? failureOf(List.of("ip", "netns", "del", name)) : failure;
        } catch (IOException e) {
            return "the command ip cannot be run (Debian: apt-get install iproute2): " + e.getMessage();
        }
    }

    /** Where this process is reached. */
    String front() {
        return octets + FRONT + "1";
    }

    /** All addresses in front. */
    String fronts() {
        return octets + FRONT + "0/24";
    }

    /** Adds a machine on that side of the link. */
    Place place(Side side) {
        int host = ++lastHost;
        Place place = new Place(own + "-" + host, octets + FRONT + host, octets + BEHIND + host);
        namespace(place.namespace());
        plug(place, "front", host, place.front());
        plug(place, side == Side.LEFT ? "left" : "right", host, place.behind());
        return place;
    }

    /** Lets nothing over the link any more. */
    void cut() {
        inMiddle("link", "set", "link-left", "down");
    }

    void heal() {
        inMiddle("link", "set", "link-left", "up");
    }

    /**
     * Makes the link slow in both directions: a delay where this kernel has netem, else few bits a second, which delays
     * whatever comes in heaps. Answers which.
     */
    String slowDown(int delayMillis, int kilobits) {
        String how = "a delay of " + delayMillis + " ms";
        for (String end : List.of("link-left", "link-right")) {
            List<String> queue = List.of("ip", "netns", "exec", middle, "tc", "qdisc", "replace", "dev", end, "root");
            String refused = failureOf(plus(queue, "netem", "delay", delayMillis + "ms"), "netem");
            if (!refused.isEmpty()) {
                how = kilobits + " kbit/s, since netem is not there (" + refused + ")";
                run(plus(queue, "tbf", "rate", kilobits + "kbit", "burst", "8kb", "latency", "2s"));
            }
        }
        return how;
    }

    @Override
    public void close() {
        remove();
        boolean unused = Runtime.getRuntime().removeShutdownHook(atEnd);
    }

    private void plug(Place place, String bridge, int host, String address) {
        String plug = bridge + host;
        String inside = bridge.equals("front") ? "front" : "behind";
        inMiddle("link", "add", plug, "type", "veth", "peer", "name", inside, "netns", place.namespace());
        inMiddle("link", "set", plug, "master", bridge, "up");
        run("ip", "-n", place.namespace(), "addr", "add", address + "/24", "dev", inside);
        run("ip", "-n", place.namespace(), "link", "set", inside, "up");
    }

    private void namespace(String name) {
        run("ip", "netns", "add", name);
        namespaces.add(name);
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    private void inMiddle(String... words) {
        run(plus(List.of("ip", "-n", middle), words));
    }

    /** With a namespace go its interfaces, and with those the other ends of their wires. */
    private void remove() {
        for (String name : List.copyOf(namespaces)) {
            run("ip", "netns", "del", name);
            namespaces.remove(name);
        }
    }

    private static void removeLeftOvers() {
        Path all = Path.of("/run/netns");
        if (!Files.isDirectory(all)) {
            return;
        }
        try (Stream<Path> names = Files.list(all)) {
            for (String name : names.map(file -> file.getFileName().toString()).toList()) {
                if (name.matches(PREFIX + "[0-9]+-.*")) {
                    long pid = Long.parseLong(name.substring(PREFIX.length(), name.indexOf('-')));
                    if (ProcessHandle.of(pid).isEmpty()) {
                        run("ip", "netns", "del", name);
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError("the namespaces cannot be listed", e);
        }
    }

    private static List<String> plus(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    private static void run(String... words) {
        run(List.of(words));
    }

    private static void run(List<String> words) {
        String failure = failureOf(words, words.get(0));
        if (!failure.isEmpty()) {
            throw new AssertionError(failure);
        }
    }

    private static String failureOf(List<String> words, String what) {
        try {
            return failureOf(words);
        } catch (IOException e) {
            throw new AssertionError(what + " cannot be run", e);
        }
    }

    /** Empty when it went well. */
    private static String failureOf(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return String.join(" ", words) + " does not end";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return process.exitValue() == 0 ? "" : String.join(" ", words) + ": " + said;
    }
}
