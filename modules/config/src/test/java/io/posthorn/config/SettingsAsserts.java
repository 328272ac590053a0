package io.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tests of the records have in common. */
final class SettingsAsserts {
    private SettingsAsserts() {}

    /** Loads from the environment alone. */
    static Settings load(Map<String, String> environment) {
        return new ConfigLoader(environment, Map.of()).load(null).settings();
    }

    /** The values differ from the defaults, every one, and each component has one. */
    static void coversEveryKey(Record defaults, Record other, Map<String, String> environment) {
        for (SettingField field : SettingField.of(defaults.getClass())) {
            assertThat(environment).as("a value for %s", field.key()).containsKey(field.env());
            assertThat(field.valueIn(other)).as(field.key()).isNotEqualTo(field.valueIn(defaults));
        }
    }

    /** Every line that is told about that environment, which must be refused. */
    static List<String> problems(Map<String, String> environment) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(environment));
        assertThat(refused).as("%s", environment.keySet()).isNotNull();
        return refused.problems().stream().map(SettingProblem::text).toList();
    }

    /** The variable has a value that is refused, and the message names the setting, the value and the bound. */
    static void refuses(String variable, String value, String problem) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(Map.of(variable, value)));
        assertThat(refused).as("%s=%s", variable, value).isNotNull();
        assertThat(refused.problems().stream().map(SettingProblem::text).collect(Collectors.joining("\n")))
                .isEqualTo(problem + ", from " + variable);
    }
}
