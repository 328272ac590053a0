package io.posthorn.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Selects the classes of some modules. */
final class InModules extends DescribedPredicate<JavaClass> {
    private final Collection<String> modules;

    private InModules(Collection<String> modules) {
        super("reside in the modules %s", modules);
        this.modules = modules;
    }

    static InModules named(String... modules) {
        return new InModules(List.of(modules));
    }

    /** The classes that run on an event loop: the roles, and the bus between them. */
    static InModules onEventLoops() {
        return new InModules(
                Stream.concat(ModuleMap.ROLES.stream(), Stream.of("bus")).toList());
    }

    /** The classes whose idea of time a test must be able to move. */
    static InModules withInjectedClock() {
        return new InModules(Stream.concat(ModuleMap.ROLES.stream(), Stream.of("storage.local", "storage.redis"))
                .toList());
    }

    @Override
    public boolean test(JavaClass type) {
        return ModuleMap.moduleOf(type.getPackageName())
                .filter(modules::contains)
                .isPresent();
    }
}
