CREATE INDEX "agent_tasks_planned" ON "agent_tasks" USING btree ("updated_at") WHERE "agent_tasks"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_planned" ON "deliveries" USING btree ("updated_at") WHERE "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_decision" ON "deliveries" USING btree ("decision_id");--> statement-breakpoint
CREATE INDEX "journeys_bundle" ON "journeys" USING btree ("workspace","bundle_version");