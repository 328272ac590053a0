package io.posthorn.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.vertx.core.Deployable;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Instant;

/** How classes are named, what a verticle is, and what only the outermost module may touch. */
@AnalyzeClasses(packages = ModuleMap.ROOT, importOptions = DoNotIncludeTests.class)
class ShapeTest {
    @ArchTest
    static final ArchRule CLASSES_ARE_NAMED_BY_WHAT_THEY_DO = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Constants|Impl|Manager)")
            .orShould()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..");

    @ArchTest
    static final ArchRule VERTICLES_EXTEND_VERTICLE_BASE = classes()
            .that()
            .haveSimpleNameEndingWith("Verticle")
            .and(not(INTERFACES))
            .should()
            .beAssignableTo(VerticleBase.class);

    @ArchTest
    static final ArchRule WHAT_IS_DEPLOYED_IS_NAMED_VERTICLE = classes()
            .that()
            .areAssignableTo(Deployable.class)
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveSimpleNameEndingWith("Verticle");

    @ArchTest
    static final ArchRule LOGIC_HOLDS_NO_VERTX = noFields()
            .that()
            .areDeclaredInClassesThat(InModules.named(ModuleMap.ROLES.toArray(String[]::new)))
            .and()
            .areDeclaredInClassesThat()
            .haveSimpleNameNotEndingWith("Verticle")
            .and()
            .areDeclaredInClassesThat()
            .haveSimpleNameNotStartingWith("Vertx")
            .should()
            .haveRawType(Vertx.class)
            .because("logic is given a clock and a scheduler; only verticles and Vertx* adapters know the platform");

    @ArchTest
    static final ArchRule ONLY_THE_OUTERMOST_MODULES_READ_THE_ENVIRONMENT = noClasses()
            .that(not(InModules.named("app", "client", "testkit", "benchmarks", "chaos")))
            .should()
            .accessTargetWhere(Calls.to(System.class, "getenv", "getProperty", "getProperties"));

    @ArchTest
    static final ArchRule TIME_COMES_FROM_A_CLOCK = noClasses()
            .that(InModules.withInjectedClock())
            .should()
            .accessTargetWhere(
                    Calls.toNoArgument(Instant.class, "now").or(Calls.to(System.class, "currentTimeMillis")));

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses()
            .that(not(InModules.named("app", "benchmarks", "chaos")))
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
