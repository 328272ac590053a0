package io.posthorn.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says where the value of a record component comes from and what it is for. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The environment variable, such as {@code WEBHOOK_HTTP_PORT}; also the name of the system property. */
    String env();

    /** The path in the settings file, such as {@code ingestion.port}. */
    String key();

    /** One sentence for the reader of the documentation. */
    String doc();

    /** The unit of a bare number where the type is a duration: {@code s} or {@code ms}. */
    String unit() default "s";
}
