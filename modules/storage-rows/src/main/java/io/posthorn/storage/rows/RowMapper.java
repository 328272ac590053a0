package io.posthorn.storage.rows;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.posthorn.contract.EndpointAuth;

/** How records are stored as a whole: as CBOR, which tolerates fields that a neighbouring version adds. */
final class RowMapper {
    static final ObjectMapper CBOR = CBORMapper.builder()
            .addModule(new JavaTimeModule())
            .addMixIn(EndpointAuth.class, AuthByName.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Names the ways of authentication. The names are part of the format. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = EndpointAuth.Basic.class, name = "basic"),
        @JsonSubTypes.Type(value = EndpointAuth.Bearer.class, name = "bearer"),
        @JsonSubTypes.Type(value = EndpointAuth.OAuth2.class, name = "oauth2")
    })
    private interface AuthByName {}

    private RowMapper() {}
}
