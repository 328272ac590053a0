package io.posthorn.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.List;

/** Selects calls and method references by the type they go to and their name. */
final class Calls {
    private Calls() {}

    /** Those to a method of that type, or of a type below it, with any of these names. */
    static DescribedPredicate<JavaAccess<?>> to(Class<?> type, String... names) {
        List<String> wanted = List.of(names);
        return DescribedPredicate.describe(
                type.getSimpleName() + "." + String.join("|", names),
                access -> access.getTarget() instanceof CodeUnitAccessTarget
                        && wanted.contains(access.getTarget().getName())
                        && access.getTargetOwner().isAssignableTo(type));
    }

    /** Those to that method without parameters. */
    static DescribedPredicate<JavaAccess<?>> toNoArgument(Class<?> type, String name) {
        return to(type, name)
                .and(DescribedPredicate.describe(
                        "without parameters",
                        access -> access.getTarget() instanceof CodeUnitAccessTarget target
                                && target.getRawParameterTypes().isEmpty()));
    }
}
