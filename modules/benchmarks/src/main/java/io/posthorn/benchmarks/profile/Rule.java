package io.posthorn.benchmarks.profile;

import java.util.List;

/**
 * Says to which stage a frame belongs.
 *
 * @param stage the stage
 * @param type a class with those inside it; or a package, with a dot at the end
 * @param methods the beginnings of the names of its methods, also of lambdas in them; empty for all
 */
record Rule(MessageStage stage, String type, List<String> methods) {
    private static final String LAMBDA = "lambda$";

    static Rule of(MessageStage stage, String type, String... methods) {
        return new Rule(stage, type, List.of(methods));
    }

    boolean matches(Frame frame) {
        return isOf(frame.type()) && (methods.isEmpty() || methods.stream().anyMatch(begin -> names(frame, begin)));
    }

    private boolean isOf(String name) {
        return name.startsWith(type)
                && (type.endsWith(".") || name.length() == type.length() || name.charAt(type.length()) == '$');
    }

    private static boolean names(Frame frame, String begin) {
        String method = frame.method();
        return method.startsWith(begin) || method.startsWith(LAMBDA) && method.startsWith(begin, LAMBDA.length());
    }
}
