CREATE SCHEMA "sandport";
--> statement-breakpoint
CREATE SCHEMA "memsolus";
--> statement-breakpoint
CREATE SCHEMA "syft";
--> statement-breakpoint
CREATE SEQUENCE "sandport"."occurrence" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "sandport"."revision" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "sandport"."api_key" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"api" text COLLATE "C" NOT NULL,
	"owner_id" text COLLATE "C" NOT NULL,
	"permissions" text[] NOT NULL,
	"initial" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "api_key_sandbox_id_key_pk" PRIMARY KEY("sandbox_id","key")
);
--> statement-breakpoint
CREATE TABLE "sandport"."event" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" bigint DEFAULT nextval('sandport.occurrence') NOT NULL,
	"transaction" bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "event_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "sandport"."sandbox" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"group" text COLLATE "C",
	"snapshot_of" text COLLATE "C",
	"ttl_ms" bigint,
	"expires_at" timestamp (3) with time zone,
	"seed" integer NOT NULL,
	"reading" jsonb NOT NULL,
	"origin" jsonb NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"made" integer DEFAULT 0 NOT NULL,
	"clock_at" timestamp (3) with time zone NOT NULL,
	"clock_real" timestamp (3) with time zone NOT NULL,
	"rate" double precision DEFAULT 1 NOT NULL,
	"frozen" boolean DEFAULT false NOT NULL,
	"walk_to" timestamp (3) with time zone,
	"clock_moved" boolean DEFAULT false NOT NULL,
	"timeline_at" timestamp (3) with time zone,
	"is_scripted" boolean DEFAULT false NOT NULL,
	"allowed_findings" text[] DEFAULT '{}' NOT NULL,
	"policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"revision" bigint NOT NULL,
	"journal_from" bigint DEFAULT 0 NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandport"."stored_file" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"writing_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "memsolus"."export_job" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"workspace_id" text COLLATE "C" NOT NULL,
	"format" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"agent_id" text COLLATE "C",
	"session_id" text COLLATE "C",
	"priority" text COLLATE "C",
	"categories" text[],
	"created_after" timestamp (3) with time zone,
	"created_before" timestamp (3) with time zone,
	"revision" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"processing_at" timestamp (3) with time zone,
	"ready_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"next_at" timestamp (3) with time zone,
	"pending_for_ms" bigint NOT NULL,
	"processing_for_ms" bigint NOT NULL,
	"polls_pending" integer,
	"polls_processing" integer,
	"polls" integer DEFAULT 0 NOT NULL,
	"hold" text COLLATE "C",
	"outcome" text COLLATE "C" NOT NULL,
	"failure" text COLLATE "C",
	"attempts" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp (3) with time zone,
	"claim" text COLLATE "C",
	"claim_until" timestamp (3) with time zone,
	"woken_at" timestamp (3) with time zone,
	"rows_done" integer DEFAULT 0 NOT NULL,
	"rows_total" integer,
	"file_key" text COLLATE "C",
	"file_bytes" bigint,
	CONSTRAINT "export_job_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "memsolus"."memory" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"workspace_id" text COLLATE "C" NOT NULL,
	"memory" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"agent_id" text COLLATE "C",
	"session_id" text COLLATE "C",
	"priority" text COLLATE "C" NOT NULL,
	"categories" text[] NOT NULL,
	"metadata" json NOT NULL,
	"access_count" integer NOT NULL,
	"last_accessed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"revision" bigint NOT NULL,
	CONSTRAINT "memory_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "memsolus"."workspace" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "workspace_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."account" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"doc" text COLLATE "C" NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone,
	CONSTRAINT "account_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."contact" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"doc" text COLLATE "C" NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone,
	CONSTRAINT "contact_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."motion" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"organization_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "motion_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."organization" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"plan" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organization_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."run_version" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"until" bigint NOT NULL,
	"motion_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_version_sandbox_id_run_id_version_pk" PRIMARY KEY("sandbox_id","run_id","version")
);
--> statement-breakpoint
CREATE TABLE "syft"."run" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"motion_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"target_type" text COLLATE "C" NOT NULL,
	"trigger_source" text COLLATE "C",
	"account_id" text COLLATE "C",
	"contact_ids" text[] NOT NULL,
	"session_id" text COLLATE "C",
	"evaluation_summary" text COLLATE "C",
	"trigger_reason" text COLLATE "C",
	"action_plan_summary" text COLLATE "C",
	"error" text COLLATE "C",
	"version" bigint NOT NULL,
	CONSTRAINT "run_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "syft"."session" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"doc" text COLLATE "C" NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone,
	CONSTRAINT "session_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "sandport"."exchange" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" bigint DEFAULT nextval('sandport.occurrence') NOT NULL,
	"transaction" bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
	"exchange_id" text COLLATE "C" NOT NULL,
	"api" text COLLATE "C" NOT NULL,
	"operation" text COLLATE "C",
	"method" text COLLATE "C" NOT NULL,
	"path" text COLLATE "C" NOT NULL,
	"search" text COLLATE "C" NOT NULL,
	"query" jsonb NOT NULL,
	"request_headers" jsonb NOT NULL,
	"request_body" text COLLATE "C",
	"key_end" text COLLATE "C",
	"at" timestamp (3) with time zone NOT NULL,
	"opened_us" bigint NOT NULL,
	"closed_us" bigint NOT NULL,
	"revision" bigint NOT NULL,
	"status" integer,
	"response_headers" jsonb NOT NULL,
	"response_body" text COLLATE "C",
	"bytes" bigint NOT NULL,
	"is_whole" boolean NOT NULL,
	"cut_by" text COLLATE "C",
	"motion_id" text COLLATE "C",
	"export_id" text COLLATE "C",
	"served_key" text COLLATE "C",
	"facts" jsonb NOT NULL,
	"script" jsonb,
	CONSTRAINT "exchange_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "sandport"."finding" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" bigint DEFAULT nextval('sandport.occurrence') NOT NULL,
	"transaction" bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
	"exchange_id" text COLLATE "C" NOT NULL,
	"operation" text COLLATE "C",
	"at" timestamp (3) with time zone NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	"severity" text COLLATE "C" NOT NULL,
	"rule" text COLLATE "C",
	"message" text COLLATE "C" NOT NULL,
	CONSTRAINT "finding_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "sandport"."judgement" (
	"sandbox_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"through" bigint NOT NULL,
	"state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandport"."rate_window" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"api" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"requests" integer NOT NULL,
	CONSTRAINT "rate_window_sandbox_id_api_pk" PRIMARY KEY("sandbox_id","api")
);
--> statement-breakpoint
CREATE TABLE "sandport"."served_page" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"items" jsonb NOT NULL,
	CONSTRAINT "served_page_sandbox_id_key_pk" PRIMARY KEY("sandbox_id","key")
);
--> statement-breakpoint
CREATE TABLE "sandport"."unmatched_request" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sandport"."unmatched_request_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"exchange_id" text COLLATE "C" NOT NULL,
	"method" text COLLATE "C" NOT NULL,
	"path" text COLLATE "C" NOT NULL,
	"status" integer,
	"keys" jsonb NOT NULL,
	"reason" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandport"."script" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"operation" text COLLATE "C" NOT NULL,
	"match" jsonb NOT NULL,
	"steps" jsonb NOT NULL,
	"length" integer NOT NULL,
	"rounds" integer,
	"taken" integer DEFAULT 0 NOT NULL,
	"released" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "script_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
CREATE TABLE "sandport"."timeline_item" (
	"sandbox_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"ordinal" bigserial NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"every_ms" bigint,
	"times" integer,
	"next_at" timestamp (3) with time zone,
	"actions" jsonb NOT NULL,
	"fired" integer DEFAULT 0 NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "timeline_item_sandbox_id_id_pk" PRIMARY KEY("sandbox_id","id")
);
--> statement-breakpoint
ALTER TABLE "memsolus"."export_job" ADD CONSTRAINT "export_job_file_key_stored_file_key_fk" FOREIGN KEY ("file_key") REFERENCES "sandport"."stored_file"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_key" ON "sandport"."api_key" USING btree ("key") WHERE "sandport"."api_key"."is_active";--> statement-breakpoint
CREATE INDEX "event_by_order" ON "sandport"."event" USING btree ("sandbox_id","transaction","id");--> statement-breakpoint
CREATE UNIQUE INDEX "sandbox_snapshot" ON "sandport"."sandbox" USING btree ("snapshot_of","name") WHERE "sandport"."sandbox"."kind" = 'snapshot';--> statement-breakpoint
CREATE INDEX "sandbox_group" ON "sandport"."sandbox" USING btree ("group") WHERE "sandport"."sandbox"."group" is not null;--> statement-breakpoint
CREATE INDEX "sandbox_expiry" ON "sandport"."sandbox" USING btree ("expires_at") WHERE "sandport"."sandbox"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "sandbox_timeline" ON "sandport"."sandbox" USING btree ("timeline_at") WHERE "sandport"."sandbox"."timeline_at" is not null;--> statement-breakpoint
CREATE INDEX "stored_file_writing" ON "sandport"."stored_file" USING btree ("writing_until") WHERE "sandport"."stored_file"."writing_until" is not null;--> statement-breakpoint
CREATE INDEX "export_job_newest" ON "memsolus"."export_job" USING btree ("sandbox_id","workspace_id","created_at","ordinal");--> statement-breakpoint
CREATE INDEX "export_job_due" ON "memsolus"."export_job" USING btree ("sandbox_id","next_at") WHERE "memsolus"."export_job"."next_at" is not null;--> statement-breakpoint
CREATE INDEX "export_job_file" ON "memsolus"."export_job" USING btree ("file_key") WHERE "memsolus"."export_job"."file_key" is not null;--> statement-breakpoint
CREATE INDEX "memory_by_created" ON "memsolus"."memory" USING btree ("sandbox_id","workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "run_by_created" ON "syft"."run" USING btree ("sandbox_id","motion_id","status","created_at","id","updated_at");--> statement-breakpoint
CREATE INDEX "run_by_updated" ON "syft"."run" USING btree ("sandbox_id","motion_id","status","updated_at","id","created_at");--> statement-breakpoint
CREATE INDEX "exchange_by_name" ON "sandport"."exchange" USING btree ("sandbox_id","exchange_id");--> statement-breakpoint
CREATE INDEX "exchange_by_order" ON "sandport"."exchange" USING btree ("sandbox_id","transaction","id");--> statement-breakpoint
CREATE INDEX "finding_by_exchange" ON "sandport"."finding" USING btree ("sandbox_id","exchange_id");--> statement-breakpoint
CREATE INDEX "finding_by_order" ON "sandport"."finding" USING btree ("sandbox_id","transaction","id");--> statement-breakpoint
CREATE INDEX "script_oldest" ON "sandport"."script" USING btree ("sandbox_id","operation","ordinal");--> statement-breakpoint
CREATE INDEX "timeline_item_due" ON "sandport"."timeline_item" USING btree ("sandbox_id","next_at") WHERE "sandport"."timeline_item"."next_at" is not null;