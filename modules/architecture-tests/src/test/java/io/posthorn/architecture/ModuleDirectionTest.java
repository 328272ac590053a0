package io.posthorn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;

/** Dependencies point one way: down the module table, and never in a circle. */
@AnalyzeClasses(packages = ModuleMap.ROOT, importOptions = DoNotIncludeTests.class)
class ModuleDirectionTest {
    @ArchTest
    static final ArchRule EVERY_CLASS_BELONGS_TO_A_MODULE = classes().should(belongToAModule());

    @ArchTest
    static final ArchRule MODULES_USE_ONLY_WHAT_THE_TABLE_ALLOWS = classes().should(useOnlyAllowedModules());

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching(ModuleMap.ROOT + ".(**)").should().beFreeOfCycles();

    private static ArchCondition<JavaClass> belongToAModule() {
        return new ArchCondition<>("reside in a package of the module table") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (ModuleMap.moduleOf(type.getPackageName()).isEmpty()) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no module of the table"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> useOnlyAllowedModules() {
        return new ArchCondition<>("use only the modules that the table allows") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Optional<String> from = ModuleMap.moduleOf(type.getPackageName());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    Optional<String> to = ModuleMap.moduleOf(
                            dependency.getTargetClass().getBaseComponentType().getPackageName());
                    if (from.isPresent() && to.isPresent() && !ModuleMap.mayUse(from.get(), to.get())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
