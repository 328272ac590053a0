package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.Secret;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How applications, endpoints and event types are kept: by unique names, by version, in pages. */
public abstract class DirectoryContract extends EngineSuite {
    private static final OrganizationId ORG = OrganizationId.DEFAULT;

    @Test
    void storesAndFindsByIdAndUid() {
        // Given
        Application app = store.save(given.application("acme-example"));
        Endpoint endpoint = store.save(given.endpoint(app.id())
                .uid("main")
                .eventTypes("a", "b")
                .channels("eu")
                .throttleRate(5)
                .build());

        // Then
        assertThat(app.version()).isEqualTo(1);
        assertThat(application(app.id().value())).isEqualTo(app);
        assertThat(application("acme-example")).isEqualTo(app);
        assertThat(endpoint(app, endpoint.id().value())).isEqualTo(endpoint);
        assertThat(endpoint(app, "main")).isEqualTo(endpoint);
        assertThat(endpoint.secrets()).containsExactly(Fixtures.SECRET);
    }

    @Test
    void keepsHowConnectionsToAnEndpointAreSecured() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        TlsOptions tls =
                new TlsOptions(TlsVersion.TLS_1_3, "authorities", new TlsOptions.Identity("chain", new Secret("key")));

        // When
        Endpoint secured = store.save(endpoint.withSending(endpoint.sending().withTls(tls), endpoint.updatedAt()));

        // Then
        Endpoint found = endpoint(app, endpoint.id().value());
        assertThat(found).isEqualTo(secured);
        assertThat(found.sending().tls()).isEqualTo(tls);
        Endpoint usual = store.save(found.withSending(found.sending().withTls(null), found.updatedAt()));
        assertThat(endpoint(app, endpoint.id().value())).isEqualTo(usual);
        assertThat(usual.sending()).isEqualTo(endpoint.sending());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Application app = store.application();
        Application other = store.application();
        Endpoint endpoint = store.endpoint(other);

        assertThat(codeOf(store.engine().find(new StorageQuery.Find.OneApplication(ORG, "nobody"))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine()
                        .find(new StorageQuery.Find.OneApplication(
                                new OrganizationId("org_other"), app.id().value()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine()
                        .find(new StorageQuery.Find.OneEndpoint(
                                app.id(), endpoint.id().value()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine().find(new StorageQuery.Find.OneEventType(ORG, "a.b"))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine().remove(new Removal.OfEventType(ORG, "a.b"))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine()
                        .save(new Requests.Save(
                                given.endpoint(given.application().id()).build(), null))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void changeNamesTheVersionThatItChanges() {
        // Given
        Application app = store.application();
        Application renamed = store.save(renamed(app, "Second", null));

        // When
        SaveOutcome stale = save(renamed(app, "Third", null));

        // Then
        assertThat(renamed.version()).isEqualTo(2);
        assertThat(stale).isInstanceOf(SaveOutcome.Stale.class);
        assertThat(application(app.id().value()).name()).isEqualTo("Second");
    }

    @Test
    void changeOfWhatIsGoneIsStale() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));

        assertThat(save(endpoint.withDisabled(true, clock.instant()))).isInstanceOf(SaveOutcome.Stale.class);
    }

    @Test
    void idsAndUidsAreUniqueInTheirPlace() {
        // Given
        Application app = store.save(given.application("acme-example"));
        Application other = store.application();
        store.save(given.endpoint(app.id()).uid("main").build());

        // Then
        assertThat(save(given.application("acme-example"))).isInstanceOf(SaveOutcome.NameTaken.class);
        assertThat(save(app.withVersion(0))).isInstanceOf(SaveOutcome.NameTaken.class);
        assertThat(save(renamed(other, "Other", "acme-example"))).isInstanceOf(SaveOutcome.NameTaken.class);
        assertThat(save(given.endpoint(app.id()).uid("main").build())).isInstanceOf(SaveOutcome.NameTaken.class);
        assertThat(save(given.endpoint(other.id()).uid("main").build())).isInstanceOf(SaveOutcome.Saved.class);
        assertThat(application("acme-example").id()).isEqualTo(app.id());
    }

    @Test
    void uidIsFreeAfterDeleteAndAfterRename() {
        // Given
        Application first = store.save(given.application("one"));
        Endpoint endpoint = store.save(given.endpoint(first.id()).uid("main").build());
        Application second = store.save(given.application("two"));

        // When
        resultOf(store.engine().remove(new Removal.OfEndpoint(first.id(), endpoint.id())));
        Endpoint newMain = store.save(given.endpoint(first.id()).uid("main").build());
        resultOf(store.engine().remove(new Removal.OfApplication(ORG, first.id())));
        store.save(renamed(second, "Two", "three"));
        Application newOne = store.save(given.application("one"));
        Application newTwo = store.save(given.application("two"));

        // Then
        assertThat(newMain.id()).isNotEqualTo(endpoint.id());
        assertThat(application("one")).isEqualTo(newOne);
        assertThat(application("two")).isEqualTo(newTwo);
        assertThat(application("three").id()).isEqualTo(second.id());
    }

    @Test
    void repeatedRequestIsDoneOnce() {
        // Given
        Application app = given.application();
        Entity stored = ((SaveOutcome.Saved)
                        resultOf(store.engine().save(new Requests.Save(app, Fixtures.idempotencyKey("k", "body")))))
                .entity();

        // When
        SaveOutcome again = resultOf(
                store.engine().save(new Requests.Save(given.application(), Fixtures.idempotencyKey("k", "body"))));
        SaveOutcome otherBody = resultOf(
                store.engine().save(new Requests.Save(given.application(), Fixtures.idempotencyKey("k", "another"))));

        // Then
        assertThat(again).isEqualTo(new SaveOutcome.Repeated(stored));
        assertThat(otherBody).isInstanceOf(SaveOutcome.KeyReused.class);
        assertThat(page(new StorageQuery.ListEntities.Applications(ORG, first(10)))
                        .items())
                .hasSize(1);
    }

    @Test
    void listsInPagesBothWaysAndInBothOrders() {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(store.application().id().value());
            clock.advance(Duration.ofSeconds(1));
        }

        // Then
        assertThat(applications(3, null, false, true)).isEqualTo(new Listed(ids.subList(0, 3), false));
        assertThat(applications(3, ids.get(2), false, true)).isEqualTo(new Listed(ids.subList(3, 6), false));
        assertThat(applications(3, ids.get(5), false, true)).isEqualTo(new Listed(ids.subList(6, 7), true));
        assertThat(applications(7, null, false, true)).isEqualTo(new Listed(ids, true));
        assertThat(applications(3, ids.get(6), false, true)).isEqualTo(new Listed(List.of(), true));
        assertThat(applications(3, ids.get(5), true, true)).isEqualTo(new Listed(ids.subList(2, 5), false));
        assertThat(applications(3, ids.get(2), true, true)).isEqualTo(new Listed(ids.subList(0, 2), true));
        Collections.reverse(ids);
        assertThat(applications(3, null, false, false)).isEqualTo(new Listed(ids.subList(0, 3), false));
        assertThat(applications(3, ids.get(2), false, false)).isEqualTo(new Listed(ids.subList(3, 6), false));
        assertThat(applications(3, ids.get(5), true, false)).isEqualTo(new Listed(ids.subList(2, 5), false));
    }

    @Test
    void listsOnlyWhatBelongsThere() {
        // Given
        Application app = store.application();
        Application other = store.application();
        Endpoint mine = store.endpoint(app);
        store.endpoint(other);
        Endpoint gone = store.endpoint(app);
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), gone.id())));

        // Then
        assertThat(page(new StorageQuery.ListEntities.Endpoints(app.id(), first(10)))
                        .items())
                .isEqualTo(List.of(mine));
        assertThat(page(new StorageQuery.ListEntities.Applications(new OrganizationId("org_other"), first(10)))
                        .items())
                .isEmpty();
    }

    @Test
    void eventTypesAreListedByNameAndFiltered() {
        // Given
        EventType left = store.save(given.eventType("user.left"));
        EventType paid = store.save(given.eventType("invoice.paid"));
        EventType beta = store.save(flagged("invoice.beta", "beta"));
        EventType old = store.save(archived(store.save(given.eventType("invoice.old"))));

        // Then
        assertThat(save(given.eventType("invoice.paid"))).isInstanceOf(SaveOutcome.NameTaken.class);
        assertThat(eventTypes(false, null, null)).isEqualTo(List.of(beta, paid, left));
        assertThat(eventTypes(true, null, null)).isEqualTo(List.of(beta, old, paid, left));
        assertThat(eventTypes(false, Set.of(), null)).isEqualTo(List.of(paid, left));
        assertThat(eventTypes(false, Set.of("beta", "x"), null)).isEqualTo(List.of(beta, paid, left));
        assertThat(eventTypes(false, null, "invoice.paid")).isEqualTo(List.of(left));
        resultOf(store.engine().remove(new Removal.OfEventType(ORG, "user.left")));
        assertThat(eventTypes(false, null, "invoice.paid")).isEmpty();
        assertThat(save(given.eventType("user.left"))).isInstanceOf(SaveOutcome.Saved.class);
    }

    private record Listed(List<String> ids, boolean done) {}

    private SaveOutcome save(Entity entity) {
        return resultOf(store.engine().save(new Requests.Save(entity, null)));
    }

    private Application application(String reference) {
        return (Application) resultOf(store.engine().find(new StorageQuery.Find.OneApplication(ORG, reference)))
                .entity();
    }

    private Endpoint endpoint(Application app, String reference) {
        return (Endpoint) resultOf(store.engine().find(new StorageQuery.Find.OneEndpoint(app.id(), reference)))
                .entity();
    }

    private StorageQuery.EntityPage page(StorageQuery.ListEntities query) {
        return resultOf(store.engine().list(query));
    }

    private Listed applications(int limit, @Nullable String from, boolean backwards, boolean ascending) {
        StorageQuery.EntityPage page = page(
                new StorageQuery.ListEntities.Applications(ORG, new PageRequest(limit, from, backwards, ascending)));
        return new Listed(
                page.items().stream()
                        .map(item -> ((Application) item).id().value())
                        .toList(),
                page.done());
    }

    private List<Entity> eventTypes(boolean archived, @Nullable Set<String> flags, @Nullable String from) {
        return page(new StorageQuery.ListEntities.EventTypes(
                        ORG, archived, flags, new PageRequest(10, from, false, true)))
                .items();
    }

    private static PageRequest first(int limit) {
        return new PageRequest(limit, null, false, true);
    }

    private static Application renamed(Application app, String name, @Nullable String uid) {
        return new Application(
                app.id(),
                app.organization(),
                uid,
                name,
                app.throttleRate(),
                app.metadata(),
                app.createdAt(),
                app.updatedAt(),
                app.version());
    }

    private EventType flagged(String name, String flag) {
        return new EventType(name, ORG, "", false, false, "{\"1\":{}}", flag, clock.instant(), clock.instant(), 0);
    }

    private static EventType archived(EventType type) {
        return new EventType(
                type.name(),
                type.organization(),
                type.description(),
                true,
                type.deprecated(),
                type.schemas(),
                type.featureFlag(),
                type.createdAt(),
                type.updatedAt(),
                type.version());
    }
}
