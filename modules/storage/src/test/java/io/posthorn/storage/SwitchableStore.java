package io.posthorn.storage;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store that outlives the programs that use it, as a server or a directory does, and that can go away, refuse and be
 * slow. Each program has an engine of its own for it, which a crash of the program ends.
 */
final class SwitchableStore {
    private final StorageEngine store;
    private final Map<String, Promise<Void>> held = new ConcurrentHashMap<>();
    private final Map<String, Promise<Void>> reached = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Engine> engines = new ArrayList<>();
    private volatile Throwable refusal;
    private volatile boolean away;

    SwitchableStore(StorageEngine store) {
        this.store = store;
        Futures.resultOf(store.open());
    }

    /** The store itself, as another program sees it. */
    StorageEngine direct() {
        return store;
    }

    /** Fails everything from now on. */
    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
        refusal = null;
    }

    /** Is there, but may not be opened. */
    void refuse(Throwable why) {
        refusal = why;
    }

    /** Calls of that name wait from now on; completes when the first one does. */
    Future<Void> hold(String method) {
        held.put(method, Promise.promise());
        Promise<Void> waiting = Promise.promise();
        reached.put(method, waiting);
        return waiting.future();
    }

    /** Lets go on what waits, and holds the next call of that name; completes when that waits. */
    Future<Void> next(String method) {
        Promise<Void> before = held.get(method);
        Future<Void> waiting = hold(method);
        before.complete();
        return waiting;
    }

    /** Lets go on what waits. */
    void release(String method) {
        Promise<Void> waiting = held.remove(method);
        if (waiting != null) {
            waiting.complete();
        }
    }

    /** The names of all calls so far. */
    List<String> calls() {
        return calls;
    }

    /** An engine for one program; only the first sees announcements of work, which is enough. */
    StorageEngine engine() {
        Engine engine = new Engine();
        engines.add(engine);
        return (StorageEngine) Proxy.newProxyInstance(
                StorageEngine.class.getClassLoader(), new Class<?>[] {StorageEngine.class}, engine);
    }

    /** Ends all programs: nothing of theirs reaches the store any more. */
    void crash() {
        engines.forEach(engine -> engine.dead = true);
        held.clear();
    }

    private final class Engine implements InvocationHandler {
        private volatile boolean dead;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            if (method.getReturnType() != Future.class) {
                return plain(method, arguments);
            }
            calls.add(name);
            if (dead) {
                return Promise.promise().future();
            }
            if (name.equals("open")) {
                return refusal == null ? answer(name, Future::succeededFuture) : Future.failedFuture(refusal);
            }
            if (name.equals("close")) {
                return Future.succeededFuture();
            }
            return answer(name, () -> call(method, arguments));
        }

        private Future<Object> answer(String name, java.util.function.Supplier<Future<Object>> call) {
            Promise<Void> waiting = held.get(name);
            if (waiting == null) {
                return away ? unavailable() : call.get();
            }
            reached.get(name).tryComplete();
            return waiting.future().compose(free -> {
                if (dead) {
                    return Promise.promise().future();
                }
                return away ? unavailable() : call.get();
            });
        }

        private Object plain(Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("health") && away) {
                return new RoleHealth.Check("engine", RoleHealth.Status.UNHEALTHY, "no connection");
            }
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        @SuppressWarnings("unchecked")
        private Future<Object> call(Method method, Object[] arguments) {
            try {
                return (Future<Object>) method.invoke(store, arguments);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(method.toString(), e);
            }
        }
    }

    private static <T> Future<T> unavailable() {
        return Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "no connection"));
    }
}
