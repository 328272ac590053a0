package io.posthorn.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a YAML settings file into texts by key: {@code ingestion: {port: 1}} is {@code ingestion.port} = {@code "1"}. */
final class SettingsFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private SettingsFile() {}

    /**
     * Reads the file.
     *
     * @param problems gets what is wrong with the file itself
     * @return an unset (null) value is left out; a list is its elements joined by commas
     */
    static Map<String, String> read(Path file, List<SettingProblem> problems) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            flatten("", YAML.readTree(Files.readString(file)), values, problems);
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            problems.add(new SettingProblem(file.toString(), file + ": not YAML" + place));
        } catch (IOException e) {
            problems.add(new SettingProblem(file.toString(), file + ": cannot be read"));
        }
        return values;
    }

    private static void flatten(String key, JsonNode node, Map<String, String> values, List<SettingProblem> problems) {
        if (node.isObject()) {
            node.properties()
                    .forEach(property -> flatten(
                            key.isEmpty() ? property.getKey() : key + "." + property.getKey(),
                            property.getValue(),
                            values,
                            problems));
        } else if (key.isEmpty()) {
            if (!node.isMissingNode() && !node.isNull()) {
                problems.add(new SettingProblem("", "the settings file: not a map of settings"));
            }
        } else if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            node.forEach(element -> parts.add(element.asText()));
            values.put(key, String.join(",", parts));
        } else if (!node.isNull()) {
            values.put(key, node.asText());
        }
    }
}
