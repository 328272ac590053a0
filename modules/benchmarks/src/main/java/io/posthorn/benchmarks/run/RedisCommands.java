package io.posthorn.benchmarks.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Redis server says of its commands, from {@code INFO commandstats}. A command that a script calls is counted by
 * itself, and its time in that of the script as well.
 *
 * @param byName calls and time of each command since the server began
 */
public record RedisCommands(Map<String, Use> byName) {
    private static final Pattern LINE = Pattern.compile("cmdstat_([^:\\s]+):calls=(\\d+),usec=(\\d+)");

    public RedisCommands {
        byName = Map.copyOf(byName);
    }

    /**
     * How much a command was used.
     *
     * @param micros by the clock, not by the processor
     */
    public record Use(long calls, double micros) {}

    static RedisCommands parse(String info) {
        Map<String, Use> byName = new TreeMap<>();
        Matcher line = LINE.matcher(info);
        while (line.find()) {
            byName.put(line.group(1), new Use(Long.parseLong(line.group(2)), Double.parseDouble(line.group(3))));
        }
        return new RedisCommands(byName);
    }

    /** What was used since an earlier reading; without the commands that were not. */
    public RedisCommands since(RedisCommands before) {
        Map<String, Use> used = new TreeMap<>();
        byName.forEach((name, now) -> {
            Use then = before.byName.getOrDefault(name, new Use(0, 0));
            if (now.calls() > then.calls()) {
                used.put(name, new Use(now.calls() - then.calls(), now.micros() - then.micros()));
            }
        });
        return new RedisCommands(used);
    }
}
