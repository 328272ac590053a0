package io.posthorn.bus;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import io.posthorn.contract.TaskId;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes records of the contract with every component filled, each value different from the next. */
final class RecordSamples {
    private static final long NOW = 1_900_000_000_000L;

    private int count;

    /** One sample of a record; of a sealed interface one of each case. */
    List<Object> of(Class<?> type) {
        if (!type.isSealed()) {
            return List.of(value(type));
        }
        List<Object> all = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            all.addAll(of(permitted));
        }
        return all;
    }

    private Object record(Class<?> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object[] values = Arrays.stream(components)
                    .map(component -> value(component.getGenericType()))
                    .toArray();
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a " + type, e);
        }
    }

    private Object value(Type type) {
        count++;
        if (type instanceof ParameterizedType generic) {
            return container(generic);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isSealed()) {
            // Never the same case twice in a row, so that lists hold several.
            List<Object> cases = of(plain);
            return cases.get(count % cases.size());
        }
        if (plain == Circuit.State.class) {
            // Only an open circuit has every field.
            return Circuit.State.OPEN;
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[count % plain.getEnumConstants().length];
        }
        if (plain == ClaimedDelivery.class) {
            return withOwnKey((ClaimedDelivery) record(plain));
        }
        if (plain.isRecord() && !isIdentifier(plain)) {
            return record(plain);
        }
        return leaf(plain);
    }

    /** A key is what the message and the endpoint say. */
    private static ClaimedDelivery withOwnKey(ClaimedDelivery one) {
        return new ClaimedDelivery(
                new DeliveryKey(
                        one.message().application(),
                        one.endpoint().id(),
                        one.message().id()),
                one.fence(),
                one.leaseUntil(),
                one.attempt(),
                one.trigger(),
                one.message(),
                one.endpoint(),
                one.circuit(),
                one.applicationRate());
    }

    private Object container(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Map.class) {
            return Map.of(value(arguments[0]), value(arguments[1]));
        }
        if (type.getRawType() == Set.class) {
            return Set.copyOf(List.of(value(arguments[0]), value(arguments[0])));
        }
        if (type.getRawType() == List.class) {
            Class<?> item = (Class<?>) arguments[0];
            return item.isSealed() ? of(item) : List.of(value(item), value(item));
        }
        throw new AssertionError("no sample for " + type);
    }

    private static boolean isIdentifier(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .anyMatch(constructor -> constructor.isAnnotationPresent(JsonCreator.class));
    }

    private Object leaf(Class<?> type) {
        Map<Class<?>, Object> leaves = Map.ofEntries(
                Map.entry(String.class, "text " + count + " é \u0000"),
                Map.entry(int.class, 1 + count % 200),
                Map.entry(Integer.class, 100 + count % 400),
                Map.entry(long.class, Long.MAX_VALUE - count),
                Map.entry(double.class, 0.125 + 1.0 / (8 + count)),
                Map.entry(boolean.class, true),
                Map.entry(Boolean.class, true),
                Map.entry(Duration.class, Duration.ofSeconds(1 + count % 500, 123_456_789)),
                Map.entry(Instant.class, Instant.ofEpochSecond(1_900_000_000L + count, 987_654_321)),
                Map.entry(Buffer.class, Buffer.buffer(new byte[] {0, (byte) 0xff, (byte) 0x80, (byte) count})),
                Map.entry(ApplicationId.class, ApplicationId.at(NOW)),
                Map.entry(EndpointId.class, EndpointId.at(NOW)),
                Map.entry(MessageId.class, MessageId.at(NOW)),
                Map.entry(AttemptId.class, AttemptId.at(NOW)),
                Map.entry(TaskId.class, TaskId.at(NOW)),
                Map.entry(NodeId.class, new NodeId("node-" + count)),
                Map.entry(OrganizationId.class, new OrganizationId("org_" + count)),
                Map.entry(Secret.class, new Secret("whsec_" + count)));
        Object value = leaves.get(type);
        if (value == null) {
            throw new AssertionError("no sample for " + type);
        }
        return value;
    }
}
