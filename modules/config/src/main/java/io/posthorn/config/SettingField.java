package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record component that is a setting.
 *
 * @param setting its names and documentation
 * @param type its declared type, with type arguments
 */
record SettingField(RecordComponent component, Setting setting, Type type) {
    static List<SettingField> of(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(SettingField::of).toList();
    }

    private static SettingField of(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " has no @Setting");
        }
        return new SettingField(component, setting, component.getGenericType());
    }

    String key() {
        return setting.key();
    }

    String env() {
        return setting.env();
    }

    /** What may be shown of a text that was given for it. */
    String shown(String text) {
        if (type == Secret.class) {
            return "[redacted]";
        }
        if (type.getTypeName().contains(SourceHeader.class.getName())) {
            return SourceHeader.redacted(text);
        }
        boolean isUrl = type == ProxyUrl.class || type.getTypeName().contains(RedisUrl.class.getName());
        return isUrl ? RedisUrl.redacted(text) : text;
    }

    @Nullable
    Object valueIn(Record settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + key(), e);
        }
    }
}
