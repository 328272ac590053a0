package io.posthorn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** Nothing that waits runs on an event loop: waiting belongs to the engines' own threads. */
@AnalyzeClasses(packages = ModuleMap.ROOT, importOptions = DoNotIncludeTests.class)
class NonBlockingTest {
    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().should().accessTargetWhere(Calls.to(Thread.class, "sleep"));

    @ArchTest
    static final ArchRule ROLES_DO_NOT_WAIT_FOR_A_RESULT = noClasses()
            .that(InModules.onEventLoops())
            .should()
            .accessTargetWhere(Calls.to(Future.class, "get", "join")
                    .or(Calls.to(CompletableFuture.class, "get", "join"))
                    .or(Calls.to(io.vertx.core.Future.class, "await")))
            .because("a blocked event loop stops every endpoint that it serves");

    @ArchTest
    static final ArchRule ROLES_DO_NOT_WAIT_FOR_A_THREAD = noClasses()
            .that(InModules.onEventLoops())
            .should()
            .accessTargetWhere(Calls.to(CountDownLatch.class, "await")
                    .or(Calls.to(CyclicBarrier.class, "await"))
                    .or(Calls.to(Condition.class, "await", "awaitNanos", "awaitUninterruptibly", "awaitUntil"))
                    .or(Calls.to(Semaphore.class, "acquire", "acquireUninterruptibly"))
                    .or(Calls.to(BlockingQueue.class, "take", "put"))
                    .or(Calls.to(ExecutorService.class, "awaitTermination", "invokeAll", "invokeAny"))
                    .or(Calls.to(LockSupport.class, "park", "parkNanos", "parkUntil"))
                    .or(Calls.to(Process.class, "waitFor"))
                    .or(Calls.to(Thread.class, "join")));

    @ArchTest
    static final ArchRule ROLES_DO_NOT_TOUCH_FILES = noClasses()
            .that(InModules.onEventLoops())
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Files.class, FileInputStream.class, FileOutputStream.class, RandomAccessFile.class);

    @ArchTest
    static final ArchRule ROLES_DO_NOT_RESOLVE_NAMES_IN_PLACE = noClasses()
            .that(InModules.onEventLoops())
            .should()
            .accessTargetWhere(Calls.to(InetAddress.class, "getByName", "getAllByName", "getLocalHost"))
            .orShould()
            .callConstructor(InetSocketAddress.class, String.class, int.class)
            .because("these ask the system's resolver and wait; names are resolved, and checked, in one place");

    @ArchTest
    static final ArchRule NOBODY_USES_JAVA_NET_URL = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(URL.class)
            .because("it parses leniently, and comparing two of them asks the network");
}
