package io.posthorn.bus;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.posthorn.contract.Claimed;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How records travel between processes: CBOR by field name, times by {@link WireTimes}. What is null is left out. Unknown fields
 * are passed over and missing ones are null or zero, so that nodes of neighbouring versions understand each other; a sealed
 * type carries the simple name of its record in the field {@code @}. A claim has a form of its own, {@link ClaimOnWire}.
 */
public final class WireFormat {
    /**
     * Changes when nodes before and after a change do not understand each other: a node refuses to join others with
     * another one. Fields that are added or left out do not change it.
     */
    public static final int MAJOR = 2;

    private static final String TYPE_FIELD = "@";
    private static final ObjectMapper MAPPER = mapper();

    private WireFormat() {}

    /** Encodes a record of the contract. */
    public static byte[] encode(Class<?> type, Object value) {
        try {
            return MAPPER.writerFor(type).writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot encode a " + type.getName(), e);
        }
    }

    /** Decodes what {@link #encode} made, here or in a neighbouring version. */
    public static <T> T decode(Class<T> type, byte[] bytes) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot decode a " + type.getName(), e);
        }
    }

    private static ObjectMapper mapper() {
        SimpleModule buffers = new SimpleModule("buffers")
                .addSerializer(Buffer.class, new BufferSerializer())
                .addDeserializer(Buffer.class, new BufferDeserializer());
        return CBORMapper.builder()
                .addModule(WireTimes.module())
                .addModule(buffers)
                .annotationIntrospector(new WireShapes())
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                // A record's components only: what else it can be asked is known on the other side, too.
                .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    /**
     * Tells Jackson the permitted records of a sealed interface, and which types have another form on the wire, so that the
     * contract needs no annotations.
     */
    private static final class WireShapes extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public TypeResolverBuilder<?> findTypeResolver(
                MapperConfig<?> config, AnnotatedClass annotated, com.fasterxml.jackson.databind.JavaType baseType) {
            Class<?> sealed = sealedOf(annotated.getRawType());
            if (sealed == null) {
                return super.findTypeResolver(config, annotated, baseType);
            }
            return new StdTypeResolverBuilder()
                    .init(JsonTypeInfo.Id.NAME, null)
                    .inclusion(JsonTypeInfo.As.PROPERTY)
                    .typeProperty(TYPE_FIELD);
        }

        @Override
        public @Nullable Object findSerializationConverter(Annotated annotated) {
            return annotated.getRawType() == Claimed.class && annotated instanceof AnnotatedClass
                    ? new ClaimOnWire.Pack()
                    : super.findSerializationConverter(annotated);
        }

        @Override
        public @Nullable Object findDeserializationConverter(Annotated annotated) {
            return annotated.getRawType() == Claimed.class && annotated instanceof AnnotatedClass
                    ? new ClaimOnWire.Unpack()
                    : super.findDeserializationConverter(annotated);
        }

        @Override
        public List<NamedType> findSubtypes(Annotated annotated) {
            if (annotated.getRawType().isSealed()) {
                List<NamedType> types = new ArrayList<>();
                for (Class<?> permitted : annotated.getRawType().getPermittedSubclasses()) {
                    types.add(new NamedType(permitted, permitted.getSimpleName()));
                }
                return types;
            }
            return super.findSubtypes(annotated);
        }

        @Override
        public String findTypeName(AnnotatedClass annotated) {
            return sealedOf(annotated.getRawType()) == null
                    ? super.findTypeName(annotated)
                    : annotated.getRawType().getSimpleName();
        }

        private static @Nullable Class<?> sealedOf(Class<?> type) {
            if (type.isSealed() && type.isInterface()) {
                return type;
            }
            for (Class<?> parent : type.getInterfaces()) {
                if (parent.isSealed()) {
                    return parent;
                }
            }
            return null;
        }
    }

    private static final class BufferSerializer extends JsonSerializer<Buffer> {
        @Override
        public void serialize(Buffer value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeBinary(value.getBytes());
        }
    }

    private static final class BufferDeserializer extends JsonDeserializer<Buffer> {
        @Override
        public Buffer deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Buffer.buffer(in.getBinaryValue());
        }
    }
}
