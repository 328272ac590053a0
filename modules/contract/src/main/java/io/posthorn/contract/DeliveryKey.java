package io.posthorn.contract;

/** Names one delivery: a message for an endpoint of an application. */
public record DeliveryKey(ApplicationId application, EndpointId endpoint, MessageId message) {}
