# Whatever a suite sets, it looks at the host of this run, by ssh.
require "serverspec"

RSpec.configure do |config|
  config.before(:suite) do
    Specinfra.configuration.backend = :ssh
    Specinfra.configuration.host = ENV.fetch("TARGET_HOST")
    Specinfra.configuration.disable_sudo = true
    Specinfra.configuration.ssh_options = {
      user: "root", keys: [ENV.fetch("KEY")], keys_only: true, config: false, verify_host_key: :never,
    }
    Specinfra::Backend::Ssh.clear if Specinfra::Backend::Ssh.respond_to?(:clear)
  end
end
