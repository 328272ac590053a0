package io.posthorn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.architecture.SourceTree.Source;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds of every source file, and is not left in a class file. */
class SourceFilesTest {
    private static final int MAX_LINES = 400;
    private static final int MAX_VERTICLE_LINES = 120;
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:(?:abstract|final|sealed|non-sealed|strictfp) )*(?:class|record|interface|enum|@interface) ",
            Pattern.MULTILINE);
    private static final Pattern LAST_IMPORT = Pattern.compile("^(?:package|import) [^;]+;$", Pattern.MULTILINE);
    private static final Pattern LEFT_OPEN = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b");
    private static final Pattern AUTHOR = Pattern.compile("^\\s*\\*\\s*@author\\b", Pattern.MULTILINE);
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sleep\\(|TimeUnit\\.[A-Z]+\\.sleep\\(");
    private static final Pattern SWITCHED_OFF = Pattern.compile("^\\s*@Disabled\\b", Pattern.MULTILINE);
    private static final Pattern OTHER_ASSERTIONS = Pattern.compile(
            "^import (?:static )?(?:org\\.junit\\.jupiter\\.api\\.Assertions|org\\.hamcrest)", Pattern.MULTILINE);

    @Test
    void noFileIsTooLongToRead() {
        assertThat(namesOf(SourceTree.mainFiles(), source -> source.lineCount() > MAX_LINES))
                .as("longer than %d lines: split by meaning", MAX_LINES)
                .isEmpty();
    }

    @Test
    void aVerticleOnlyWires() {
        assertThat(namesOf(
                        SourceTree.mainFiles(),
                        source ->
                                source.fileName().endsWith("Verticle.java") && source.lineCount() > MAX_VERTICLE_LINES))
                .as("verticles longer than %d lines", MAX_VERTICLE_LINES)
                .isEmpty();
    }

    @Test
    void everyPublicTypeSaysWhatItIs() {
        assertThat(namesOf(SourceTree.mainFiles(), SourceFilesTest::lacksJavadoc))
                .as("public types without a Javadoc comment")
                .isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        List<Source> sources = SourceTree.mainFiles();
        List<String> marked = namesOf(
                sources,
                source -> source.fileName().equals("package-info.java")
                        && source.text().contains("@NullMarked"));
        assertThat(namesOf(
                        sources,
                        source -> !marked.contains(source.path()
                                .resolveSibling("package-info.java")
                                .toString())))
                .as("files whose package has no package-info.java with @NullMarked")
                .isEmpty();
    }

    @Test
    void nothingIsLeftOpenOrSigned() {
        Predicate<Source> found = source -> LEFT_OPEN.matcher(source.text()).find()
                || AUTHOR.matcher(source.text()).find();
        assertThat(namesOf(SourceTree.mainFiles(), found)).isEmpty();
    }

    @Test
    void testsNeitherSleepNorSkip() {
        Predicate<Source> found = source -> SLEEP.matcher(source.text()).find()
                || SWITCHED_OFF.matcher(source.text()).find();
        assertThat(namesOf(SourceTree.testFiles(), found)).isEmpty();
    }

    @Test
    void testsAssertWithAssertJ() {
        assertThat(namesOf(
                        SourceTree.testFiles(),
                        source -> OTHER_ASSERTIONS.matcher(source.text()).find()))
                .isEmpty();
    }

    private static boolean lacksJavadoc(Source source) {
        Matcher type = PUBLIC_TYPE.matcher(source.text());
        if (!type.find()) {
            return false;
        }
        int from = LAST_IMPORT
                .matcher(source.text())
                .results()
                .mapToInt(match -> match.end())
                .max()
                .orElse(0);
        return !source.text()
                .substring(Math.min(from, type.start()), type.start())
                .contains("/**");
    }

    private static List<String> namesOf(List<Source> sources, Predicate<Source> filter) {
        return sources.stream()
                .filter(filter)
                .map(source -> source.path().toString())
                .toList();
    }
}
