package io.posthorn.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Java files of the repository that the tests run in. */
final class SourceTree {
    private static final Path MODULES = modules();

    /** One file; its path is relative to the directory of the modules. */
    record Source(Path path, String text) {
        int lineCount() {
            return (int) text.lines().count();
        }

        String fileName() {
            return path.getFileName().toString();
        }
    }

    private SourceTree() {}

    static List<Source> mainFiles() {
        return files("main");
    }

    static List<Source> testFiles() {
        return files("test");
    }

    private static List<Source> files(String sourceSet) {
        try (Stream<Path> modules = Files.list(MODULES)) {
            return modules.map(
                            module -> module.resolve("src").resolve(sourceSet).resolve("java"))
                    .filter(Files::isDirectory)
                    .flatMap(directory -> javaFiles(directory).stream())
                    .sorted()
                    .map(SourceTree::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source read(Path path) {
        try {
            return new Source(MODULES.relativize(path), Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path modules() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            Path modules = directory.resolve("modules");
            if (Files.isDirectory(modules.resolve("architecture-tests"))) {
                return modules;
            }
        }
        throw new IllegalStateException("not run inside the repository");
    }
}
