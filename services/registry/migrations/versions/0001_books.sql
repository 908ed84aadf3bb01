-- Registry's own tables, as `registry.metadata` declares them (a test compares). Row-level security, grants and the
-- tables of bus and kit are added by 0001_books.py.

CREATE TABLE counties (
    county VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    established_at timestamptz NOT NULL,
    CONSTRAINT pk_counties PRIMARY KEY (county),
    CONSTRAINT ck_counties_counted CHECK (version >= 1),
    CONSTRAINT ck_counties_word CHECK (word ~ '^[a-z][a-z0-9-]{1,31}$'),
    CONSTRAINT uq_counties_word UNIQUE (word)
);

CREATE TABLE sign_in_attempts (
    county VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    key BYTEA NOT NULL,
    since timestamptz NOT NULL,
    failures INTEGER NOT NULL,
    CONSTRAINT pk_sign_in_attempts PRIMARY KEY (county, kind, key),
    CONSTRAINT ck_sign_in_attempts_kind CHECK (kind IN ('account', 'address'))
);

CREATE INDEX ix_sign_in_attempts_since ON sign_in_attempts (since);

CREATE TABLE activities (
    county VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    theme VARCHAR,
    mode VARCHAR NOT NULL,
    place VARCHAR,
    starts timestamptz NOT NULL,
    ends timestamptz NOT NULL,
    state VARCHAR NOT NULL,
    due INTEGER NOT NULL,
    attended INTEGER NOT NULL,
    excused INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_activities PRIMARY KEY (county, id),
    CONSTRAINT ck_activities_ends_after_it_starts CHECK (ends > starts),
    CONSTRAINT ck_activities_mode CHECK (mode IN ('assembled', 'online', 'delivered')),
    CONSTRAINT ck_activities_state CHECK ((state = 'open' AND version = 0) OR (state = 'held' AND version >= 1)),
    CONSTRAINT ck_activities_counts CHECK (due >= 0 AND attended >= 0 AND excused >= 0 AND missed >= 0),
    CONSTRAINT fk_activities_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE INDEX ix_activities_county_starts_id ON activities (county, starts, id);

CREATE TABLE county_codes (
    county VARCHAR NOT NULL,
    since DATE NOT NULL,
    code VARCHAR NOT NULL,
    CONSTRAINT pk_county_codes PRIMARY KEY (county, since),
    CONSTRAINT ck_county_codes_code CHECK (code ~ '^[0-9]{6}$'),
    CONSTRAINT fk_county_codes_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE TABLE organisations (
    county VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    founded_on DATE NOT NULL,
    host VARCHAR,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_organisations PRIMARY KEY (county, id),
    CONSTRAINT ck_organisations_kind CHECK (kind IN ('bureau', 'branch', 'group', 'temporary')),
    CONSTRAINT ck_organisations_versions CHECK (revision >= version AND version >= 1),
    CONSTRAINT fk_organisations_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE TABLE people (
    county VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    party_member BOOLEAN NOT NULL,
    rank VARCHAR,
    township VARCHAR,
    residence VARCHAR,
    status VARCHAR NOT NULL,
    status_since DATE,
    statuses JSONB NOT NULL,
    version INTEGER NOT NULL,
    etag INTEGER NOT NULL,
    identity_sealed BYTEA,
    identity_index BYTEA,
    phone_sealed BYTEA,
    phone_index BYTEA,
    address_sealed BYTEA,
    address_index BYTEA,
    registered_at timestamptz NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (county, id),
    CONSTRAINT ck_people_kind CHECK (kind IN ('lixiu', 'tuixiu', 'enterprise', 'member', 'staff')),
    CONSTRAINT ck_people_member_in_party CHECK (kind <> 'member' OR party_member),
    CONSTRAINT ck_people_residence CHECK (residence IN ('urban', 'rural')),
    CONSTRAINT ck_people_status CHECK (status IN ('active', 'moved', 'died')),
    CONSTRAINT ck_people_status_dated CHECK (status = 'active' OR status_since IS NOT NULL),
    CONSTRAINT ck_people_counted CHECK (version >= 1 AND etag >= 1),
    CONSTRAINT ck_people_identity_findable CHECK ((identity_sealed IS NULL) = (identity_index IS NULL)),
    CONSTRAINT ck_people_phone_findable CHECK ((phone_sealed IS NULL) = (phone_index IS NULL)),
    CONSTRAINT ck_people_address_comparable CHECK ((address_sealed IS NULL) = (address_index IS NULL)),
    CONSTRAINT fk_people_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE INDEX ix_people_county_name ON people (county, name);

CREATE INDEX ix_people_county_phone_index ON people (county, phone_index);

CREATE UNIQUE INDEX uq_people_county_identity_index ON people (county, identity_index);

CREATE TABLE rosters (
    county VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    dry_run BOOLEAN NOT NULL,
    registered INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    ignored TEXT[] NOT NULL,
    faults JSONB NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by VARCHAR NOT NULL,
    CONSTRAINT pk_rosters PRIMARY KEY (county, id),
    CONSTRAINT ck_rosters_all_or_nothing CHECK (dry_run OR faults = '[]'),
    CONSTRAINT fk_rosters_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE TABLE taxonomies (
    county VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    id VARCHAR NOT NULL,
    adopted_at timestamptz NOT NULL,
    adopted_by VARCHAR NOT NULL,
    CONSTRAINT pk_taxonomies PRIMARY KEY (county, name, version),
    CONSTRAINT uq_taxonomies_county_id UNIQUE (county, id),
    CONSTRAINT fk_taxonomies_county FOREIGN KEY(county) REFERENCES counties (county)
);

CREATE TABLE activity_hosts (
    county VARCHAR NOT NULL,
    activity VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    CONSTRAINT pk_activity_hosts PRIMARY KEY (county, activity, organisation),
    CONSTRAINT fk_activity_hosts_county_activity FOREIGN KEY(county, activity) REFERENCES activities (county, id),
    CONSTRAINT fk_activity_hosts_county_organisation
        FOREIGN KEY(county, organisation) REFERENCES organisations (county, id)
);

CREATE INDEX ix_activity_hosts_county_organisation ON activity_hosts (county, organisation);

CREATE TABLE attendance (
    county VARCHAR NOT NULL,
    activity VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    on_behalf_of VARCHAR,
    version INTEGER NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by VARCHAR NOT NULL,
    CONSTRAINT pk_attendance PRIMARY KEY (county, activity, person),
    CONSTRAINT fk_attendance_county_activity FOREIGN KEY(county, activity) REFERENCES activities (county, id),
    CONSTRAINT fk_attendance_county_person FOREIGN KEY(county, person) REFERENCES people (county, id),
    CONSTRAINT fk_attendance_county_on_behalf_of FOREIGN KEY(county, on_behalf_of) REFERENCES people (county, id),
    CONSTRAINT ck_attendance_outcome CHECK (outcome IN ('attended', 'excused', 'missed', 'withdrawn')),
    CONSTRAINT ck_attendance_origin CHECK (origin IN ('self', 'desk', 'phone', 'proxy', 'paper', 'import', 'device')),
    CONSTRAINT ck_attendance_a_proxy_names_for_whom CHECK ((origin = 'proxy') = (on_behalf_of IS NOT NULL)),
    CONSTRAINT ck_attendance_version CHECK (version >= 0)
);

CREATE INDEX ix_attendance_county_person ON attendance (county, person);

CREATE TABLE committee_seats (
    county VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_committee_seats PRIMARY KEY (county, organisation, person, since),
    CONSTRAINT fk_committee_seats_county_person FOREIGN KEY(county, person) REFERENCES people (county, id),
    CONSTRAINT fk_committee_seats_county_organisation
        FOREIGN KEY(county, organisation) REFERENCES organisations (county, id),
    CONSTRAINT ck_committee_seats_ends_after_it_begins CHECK (until > since)
);

CREATE UNIQUE INDEX uq_committee_seats_one_open_seat ON committee_seats (county, organisation, person)
    WHERE until IS NULL;

CREATE TABLE membership_histories (
    county VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_membership_histories PRIMARY KEY (county, person),
    CONSTRAINT fk_membership_histories_county_person FOREIGN KEY(county, person) REFERENCES people (county, id),
    CONSTRAINT ck_membership_histories_version CHECK (version >= 1)
);

CREATE TABLE organisation_parents (
    county VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    since DATE NOT NULL,
    parent VARCHAR,
    CONSTRAINT pk_organisation_parents PRIMARY KEY (county, organisation, since),
    CONSTRAINT fk_organisation_parents_county_organisation
        FOREIGN KEY(county, organisation) REFERENCES organisations (county, id),
    CONSTRAINT fk_organisation_parents_county_parent
        FOREIGN KEY(county, parent) REFERENCES organisations (county, id),
    CONSTRAINT ck_organisation_parents_not_itself CHECK (parent <> organisation)
);

CREATE INDEX ix_organisation_parents_county_parent ON organisation_parents (county, parent);

CREATE TABLE person_codes (
    county VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    scheme VARCHAR NOT NULL,
    since DATE NOT NULL,
    code VARCHAR NOT NULL,
    confirmed_by VARCHAR NOT NULL,
    CONSTRAINT pk_person_codes PRIMARY KEY (county, person, scheme, since),
    CONSTRAINT fk_person_codes_county_person FOREIGN KEY(county, person) REFERENCES people (county, id),
    CONSTRAINT ck_person_codes_scheme CHECK (scheme IN ('class', 'capacity'))
);

CREATE TABLE taxonomy_codes (
    county VARCHAR NOT NULL,
    taxonomy VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    since DATE,
    until DATE,
    due VARCHAR,
    party_life BOOLEAN NOT NULL,
    successor VARCHAR,
    CONSTRAINT pk_taxonomy_codes PRIMARY KEY (county, taxonomy, version, code),
    CONSTRAINT fk_taxonomy_codes_county_taxonomy_version
        FOREIGN KEY(county, taxonomy, version) REFERENCES taxonomies (county, name, version),
    CONSTRAINT ck_taxonomy_codes_ends_after_it_begins CHECK (until > since),
    CONSTRAINT ck_taxonomy_codes_due CHECK (due IN ('all', 'committee', 'group', 'none')),
    CONSTRAINT ck_taxonomy_codes_kinds_say_who_is_due CHECK ((taxonomy = 'activity-kind') = (due IS NOT NULL))
);

CREATE TABLE users (
    county VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    login VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    person VARCHAR,
    password_hash VARCHAR NOT NULL,
    must_change BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    etag INTEGER NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (county, id),
    CONSTRAINT uq_users_county_login UNIQUE (county, login),
    CONSTRAINT fk_users_county_person FOREIGN KEY(county, person) REFERENCES people (county, id),
    CONSTRAINT ck_users_role
        CHECK (role IN ('operator', 'county_admin', 'desk', 'recorder', 'mediator', 'member', 'auditor')),
    CONSTRAINT ck_users_operators_have_no_county CHECK ((role = 'operator') = (county = '')),
    CONSTRAINT ck_users_members_are_somebody CHECK ((role = 'member') = (person IS NOT NULL))
);

CREATE TABLE memberships (
    county VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    since DATE NOT NULL,
    kind VARCHAR NOT NULL,
    until DATE,
    CONSTRAINT pk_memberships PRIMARY KEY (county, person, organisation, since),
    CONSTRAINT fk_memberships_county_person
        FOREIGN KEY(county, person) REFERENCES membership_histories (county, person),
    CONSTRAINT fk_memberships_county_organisation
        FOREIGN KEY(county, organisation) REFERENCES organisations (county, id),
    CONSTRAINT ck_memberships_kind CHECK (kind IN ('home', 'further')),
    CONSTRAINT ck_memberships_ends_after_it_begins CHECK (until > since)
);

CREATE INDEX ix_memberships_county_organisation_person ON memberships (county, organisation, person);

CREATE UNIQUE INDEX uq_memberships_one_open_home ON memberships (county, person) WHERE kind = 'home' AND until IS NULL;

CREATE TABLE user_organisations (
    county VARCHAR NOT NULL,
    "user" VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    CONSTRAINT pk_user_organisations PRIMARY KEY (county, "user", organisation),
    CONSTRAINT fk_user_organisations_county_user FOREIGN KEY(county, "user") REFERENCES users (county, id),
    CONSTRAINT fk_user_organisations_county_organisation
        FOREIGN KEY(county, organisation) REFERENCES organisations (county, id)
);

CREATE INDEX ix_user_organisations_county_organisation ON user_organisations (county, organisation);
