package io.posthorn.contract;

/** Every address of Posthorn's own bus traffic. The public one is {@link #MESSAGES}. */
public final class Addresses {
    /** Where any Vert.x program emits events, as plain {@code JsonObject}. */
    public static final String MESSAGES = "posthorn.messages";

    /** Where nodes tell each other how they are, as {@link NodeState}; published, not requested. */
    public static final String NODES = "posthorn.nodes.state";

    /** Where each node tells what it knows of all nodes. */
    public static final Address<ClusterState.Ask, ClusterState> CLUSTER =
            new Address<>("posthorn.nodes.list", ClusterState.Ask.class, ClusterState.class);

    public static final Address<Batches.Appends, Batches.AppendResults> APPEND =
            new Address<>("posthorn.storage.append", Batches.Appends.class, Batches.AppendResults.class);
    public static final Address<ClaimRequest, Claimed> CLAIM =
            new Address<>("posthorn.storage.claim", ClaimRequest.class, Claimed.class);
    public static final Address<Batches.Settlements, Batches.SettleResults> SETTLE =
            new Address<>("posthorn.storage.settle", Batches.Settlements.class, Batches.SettleResults.class);
    public static final Address<Requests.ReleaseLeases, Requests.Done> RELEASE_LEASES =
            new Address<>("posthorn.storage.release-leases", Requests.ReleaseLeases.class, Requests.Done.class);
    public static final Address<StorageQuery.WhichStore, StorageQuery.Store> STORE =
            new Address<>("posthorn.storage.store", StorageQuery.WhichStore.class, StorageQuery.Store.class);
    public static final Address<Batches.Controls, Requests.Done> CONTROL =
            new Address<>("posthorn.storage.control", Batches.Controls.class, Requests.Done.class);
    public static final Address<Requests.Save, SaveOutcome> SAVE =
            new Address<>("posthorn.storage.save", Requests.Save.class, SaveOutcome.class);
    public static final Address<Removal, Requests.Done> REMOVE =
            new Address<>("posthorn.storage.remove", Removal.class, Requests.Done.class);
    public static final Address<Requests.Resend, Requests.Done> RESEND =
            new Address<>("posthorn.storage.resend", Requests.Resend.class, Requests.Done.class);
    public static final Address<Requests.ExpungeMessage, Requests.Done> EXPUNGE_MESSAGE =
            new Address<>("posthorn.storage.expunge-message", Requests.ExpungeMessage.class, Requests.Done.class);
    public static final Address<Requests.ExpungeAttempt, Requests.Done> EXPUNGE_ATTEMPT =
            new Address<>("posthorn.storage.expunge-attempt", Requests.ExpungeAttempt.class, Requests.Done.class);
    public static final Address<StorageQuery.Find, StorageQuery.Found> FIND =
            new Address<>("posthorn.storage.find", StorageQuery.Find.class, StorageQuery.Found.class);
    public static final Address<StorageQuery.ListEntities, StorageQuery.EntityPage> LIST =
            new Address<>("posthorn.storage.list", StorageQuery.ListEntities.class, StorageQuery.EntityPage.class);
    public static final Address<StorageQuery.OneMessage, Message> MESSAGE =
            new Address<>("posthorn.storage.message", StorageQuery.OneMessage.class, Message.class);
    public static final Address<StorageQuery.Messages, StorageQuery.MessagePage> MESSAGE_LIST =
            new Address<>("posthorn.storage.messages", StorageQuery.Messages.class, StorageQuery.MessagePage.class);
    public static final Address<StorageQuery.DeliveriesOfMessage, StorageQuery.DeliveryPage> MESSAGE_DELIVERIES =
            new Address<>(
                    "posthorn.storage.message-deliveries",
                    StorageQuery.DeliveriesOfMessage.class,
                    StorageQuery.DeliveryPage.class);
    public static final Address<StorageQuery.DeliveriesOfEndpoint, StorageQuery.DeliveryPage> ENDPOINT_DELIVERIES =
            new Address<>(
                    "posthorn.storage.endpoint-deliveries",
                    StorageQuery.DeliveriesOfEndpoint.class,
                    StorageQuery.DeliveryPage.class);
    public static final Address<StorageQuery.Attempts, StorageQuery.AttemptPage> ATTEMPTS =
            new Address<>("posthorn.storage.attempts", StorageQuery.Attempts.class, StorageQuery.AttemptPage.class);
    public static final Address<StorageQuery.OneAttempt, Attempt> ATTEMPT =
            new Address<>("posthorn.storage.attempt", StorageQuery.OneAttempt.class, Attempt.class);
    public static final Address<StorageQuery.QueueOf, QueueState> QUEUE =
            new Address<>("posthorn.storage.queue", StorageQuery.QueueOf.class, QueueState.class);
    public static final Address<DeliveryKey, DeliveryFacts> EXPLAIN =
            new Address<>("posthorn.storage.explain", DeliveryKey.class, DeliveryFacts.class);
    public static final Address<Requests.StartTask, BackgroundTask> START_TASK =
            new Address<>("posthorn.storage.start-task", Requests.StartTask.class, BackgroundTask.class);
    public static final Address<StorageQuery.OneTask, BackgroundTask> TASK =
            new Address<>("posthorn.storage.task", StorageQuery.OneTask.class, BackgroundTask.class);
    public static final Address<StorageQuery.Tasks, StorageQuery.TaskPage> TASK_LIST =
            new Address<>("posthorn.storage.tasks", StorageQuery.Tasks.class, StorageQuery.TaskPage.class);
    public static final Address<AuditReport.Start, AuditReport.Progress> AUDIT_START =
            new Address<>("posthorn.storage.audit-start", AuditReport.Start.class, AuditReport.Progress.class);
    public static final Address<AuditReport.Ask, AuditReport.Progress> AUDIT =
            new Address<>("posthorn.storage.audit", AuditReport.Ask.class, AuditReport.Progress.class);
    public static final Address<Backlog.Ask, Backlog> BACKLOG =
            new Address<>("posthorn.storage.backlog", Backlog.Ask.class, Backlog.class);
    public static final Address<Backlog.AskApplication, Backlog.OfApplication> APPLICATION_BACKLOG = new Address<>(
            "posthorn.storage.application-backlog", Backlog.AskApplication.class, Backlog.OfApplication.class);
    public static final Address<Batches.Drafts, Batches.CheckResults> CHECK_MESSAGES =
            new Address<>("posthorn.validation.check-messages", Batches.Drafts.class, Batches.CheckResults.class);
    public static final Address<PayloadDraft, PayloadDraft.Verdict> CHECK_PAYLOAD =
            new Address<>("posthorn.validation.check-payload", PayloadDraft.class, PayloadDraft.Verdict.class);
    public static final Address<EntityDraft, EntityDraft.Verdict> CHECK_ENTITY =
            new Address<>("posthorn.validation.check-entity", EntityDraft.class, EntityDraft.Verdict.class);
    public static final Address<Batches.PermitRequests, Batches.PermitGrants> PERMITS =
            new Address<>("posthorn.ratelimit.permits", Batches.PermitRequests.class, Batches.PermitGrants.class);
    public static final Address<RateLimit.StatusOf, RateLimit.Status> RATE_LIMIT_STATUS =
            new Address<>("posthorn.ratelimit.status", RateLimit.StatusOf.class, RateLimit.Status.class);

    public static final Address<Batches.PermitRequests, Batches.PermitGrants> TAKE_PERMITS =
            new Address<>("posthorn.storage.permits", Batches.PermitRequests.class, Batches.PermitGrants.class);
    public static final Address<RateLimit.UseOf, RateLimit.Use> PERMITS_USED =
            new Address<>("posthorn.storage.permits-used", RateLimit.UseOf.class, RateLimit.Use.class);

    private Addresses() {}

    /** Where the role of this name answers how it feels; one consumer a node. */
    public static Address<RoleHealth.Ask, RoleHealth> healthOf(String role) {
        return new Address<>("posthorn." + role + ".health", RoleHealth.Ask.class, RoleHealth.class);
    }
}
