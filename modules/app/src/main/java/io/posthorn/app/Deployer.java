package io.posthorn.app;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Runs deployments. */
interface Deployer {
    /** Completes with the deployment's id when every instance has started; else none of them runs. */
    Future<String> deploy(Deployment deployment);

    /** Completes when every instance has stopped; fails if one did so badly. */
    Future<Void> undeploy(String id);

    /** On a Vert.x. */
    static Deployer on(Vertx vertx) {
        return new Deployer() {
            @Override
            public Future<String> deploy(Deployment deployment) {
                return vertx.deployVerticle(
                        deployment.supplier(),
                        new DeploymentOptions()
                                .setInstances(deployment.instances())
                                .setThreadingModel(deployment.threadingModel()));
            }

            @Override
            public Future<Void> undeploy(String id) {
                return vertx.undeploy(id);
            }
        };
    }
}
