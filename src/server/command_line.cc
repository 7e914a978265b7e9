#include "server/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>

namespace millstream::server {
namespace {

constexpr int kUsageStatus = 2;

void add_settings(CLI::App* serve, CommandLine* line) {
  for (const Setting& setting : settings()) {
    const std::string flag = "--" + std::string(setting.name);
    const std::string name(setting.name);
    if (setting.is_switch()) {
      serve->add_flag_callback(
          flag, [line, name] { line->flags[name] = "true"; }, std::string(setting.help));
    } else if (setting.repeats) {
      serve
          ->add_option_function<std::vector<std::string>>(
              flag,
              [line, name](const std::vector<std::string>& values) {
                for (const std::string& value : values) {
                  std::string& all = line->flags[name];
                  all.append(all.empty() ? "" : ",").append(value);
                }
              },
              std::string(setting.help))
          ->option_text(std::string(setting.values));
    } else {
      serve
          ->add_option_function<std::string>(
              flag, [line, name](const std::string& value) { line->flags[name] = value; },
              std::string(setting.help))
          ->option_text(std::string(setting.values));
    }
  }
  serve->add_option("--config", line->config_file, "a TOML file with the same settings")
      ->option_text("FILE");
  serve->footer(
      "Each setting can also be a line of the TOML file (function_network = \"host\") or a "
      "variable "
      "(MILLSTREAM_FUNCTION_NETWORK=host).\nA flag wins over a variable, a variable over the "
      "file.\nKeys that clients sign with: [[keys]] access_key_id, secret_access_key, account in "
      "the "
      "file, or\nMILLSTREAM_ACCESS_KEY_ID and MILLSTREAM_SECRET_ACCESS_KEY.");
}

CLI::App* add_journal(CLI::App* app, JournalCommand* command) {
  CLI::App* journal = app->add_subcommand(
      "journal", "look at the log of a stopped server, or at a copy, without changing it");
  journal->require_subcommand(1);
  CLI::App* inspect = journal->add_subcommand(
      "inspect", "print its segments, what each lane has in it, and what is damaged");
  CLI::App* verify = journal->add_subcommand(
      "verify", "hold every byte against its checksum; ends with 1 if there is damage");
  verify->callback([command] { command->verify = true; });
  for (CLI::App* part : {inspect, verify}) {
    part->add_option("directory", command->directory, "a data directory, or the journal in it")
        ->required()
        ->option_text("DIRECTORY");
    part->add_flag("--json", command->json, "print all of it as JSON");
  }
  return journal;
}

CLI::App* add_plan(CLI::App* app, PlanCommand* command) {
  CLI::App* plan = app->add_subcommand("plan", "say what a load needs: shards, disk, nodes");
  plan->require_subcommand(1);
  CLI::App* kinesis = plan->add_subcommand("kinesis", "of a stream of records");
  kinesis->add_option("--records-per-second", command->records_per_second, "written, as in 1e6")
      ->required()
      ->option_text("NUMBER");
  kinesis->add_option("--record-size", command->record_size, "of one record, as in 65KB or 64KiB")
      ->required()
      ->option_text("SIZE");
  kinesis->add_option("--consumers", command->consumers, "that read every record (1)")
      ->check(CLI::Range(0, 1000))
      ->option_text("NUMBER");
  kinesis
      ->add_option("--retention-hours", command->retention_hours, "how long records are kept (24)")
      ->check(CLI::Range(24, 8760))
      ->option_text("HOURS");
  kinesis->add_option("--node-cores", command->node_cores, "cores of one node (16)")
      ->check(CLI::Range(1, 1024))
      ->option_text("NUMBER");
  kinesis->add_flag("--json", command->json, "print it as JSON");
  return plan;
}

}  // namespace

CommandLine read_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app("Millstream: streams, functions and tables behind AWS's own interfaces.",
               "millstream");
  app.require_subcommand(1);
  CLI::App* serve = app.add_subcommand("serve", "serve until SIGTERM or Ctrl-C");
  add_settings(serve, &line);
  CLI::App* journal = add_journal(&app, &line.journal);
  CLI::App* top = app.add_subcommand("top", "show what a server does, live");
  top->add_option("--endpoint", line.endpoint, "the server's address (127.0.0.1:4566)")
      ->option_text("ADDRESS:PORT");
  top->add_flag("--once", line.once, "print one second of it and end");
  CLI::App* runtimes =
      app.add_subcommand("runtimes", "list which interpreter each function runtime gets here");
  CLI::App* plan = add_plan(&app, &line.plan);
  CLI::App* quotas = app.add_subcommand(
      "quotas", "print the quotas that --quota sets, as docs/quotas.md has them");
  CLI::App* version = app.add_subcommand("version", "print the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    line.exit_status = app.exit(help);
    return line;
  } catch (const CLI::ParseError& mistake) {
    std::cerr << "millstream: " << mistake.what() << " (millstream serve --help lists the settings)"
              << '\n';
    line.exit_status = kUsageStatus;
    return line;
  }
  if (serve->parsed()) line.command = Command::kServe;
  if (journal->parsed()) line.command = Command::kJournal;
  if (top->parsed()) line.command = Command::kTop;
  if (runtimes->parsed()) line.command = Command::kRuntimes;
  if (plan->parsed()) line.command = Command::kPlan;
  if (quotas->parsed()) line.command = Command::kQuotas;
  if (version->parsed()) line.command = Command::kVersion;
  return line;
}

}  // namespace millstream::server
