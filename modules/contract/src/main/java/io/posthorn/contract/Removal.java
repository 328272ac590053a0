package io.posthorn.contract;

/** What is to be deleted. */
public sealed interface Removal {
    /** An application with its endpoints; its waiting deliveries are cancelled. */
    record OfApplication(OrganizationId organization, ApplicationId application) implements Removal {}

    /** An endpoint; its waiting deliveries are cancelled, its history stays. */
    record OfEndpoint(ApplicationId application, EndpointId endpoint) implements Removal {}

    /** An event type, for good. */
    record OfEventType(OrganizationId organization, String name) implements Removal {}
}
