//! READMEs that a generator wrote: recognised by their sentences, section by section.

use super::normalise::plain;
use super::outline::Outline;

/// A generator: sentences that only it writes, and the headings that come with them. All in plain words.
struct Template {
    sentences: &'static [&'static str],
    headings: &'static [&'static str],
}

const TEMPLATES: &[Template] = &[
    // Create React App.
    Template {
        sentences: &["this project was bootstrapped with create react app", "getting started with create react app"],
        headings: &[
            "getting started with create react app",
            "available scripts",
            "npm start",
            "npm test",
            "npm run build",
            "npm run eject",
            "yarn start",
            "yarn test",
            "yarn build",
            "yarn eject",
            "learn more",
            "code splitting",
            "analyzing the bundle size",
            "making a progressive web app",
            "advanced configuration",
            "deployment",
            "npm run build fails to minify",
        ],
    },
    // Vite.
    Template {
        sentences: &[
            "this template provides a minimal setup to get react working in vite",
            "this template should help get you started developing with",
        ],
        headings: &[
            "react vite",
            "react typescript vite",
            "vue 3 vite",
            "vue 3 typescript vite",
            "expanding the eslint configuration",
            "react compiler",
            "recommended ide setup",
            "type support for vue imports in ts",
            "customize configuration",
            "project setup",
            "compile and hot reload for development",
            "type check compile and minify for production",
            "compile and minify for production",
            "lint with eslint",
        ],
    },
    // Next.js.
    Template {
        sentences: &["this is a next js project bootstrapped with"],
        headings: &["getting started", "learn more", "deploy on vercel"],
    },
    // GitLab's default.
    Template {
        sentences: &[
            "to make it easy for you to get started with gitlab here s a list of recommended next steps",
            "already a pro just edit this readme md",
        ],
        headings: &[
            "getting started",
            "add your files",
            "integrate with your tools",
            "collaborate with your team",
            "test and deploy",
            "editing this readme",
            "suggestions for a good readme",
            "name",
            "description",
            "badges",
            "visuals",
            "installation",
            "usage",
            "support",
            "roadmap",
            "contributing",
            "authors and acknowledgment",
            "license",
            "project status",
        ],
    },
    // Angular CLI.
    Template {
        sentences: &["this project was generated with angular cli", "this project was generated using angular cli"],
        headings: &[
            "development server",
            "code scaffolding",
            "build",
            "building",
            "running unit tests",
            "running end to end tests",
            "further help",
            "additional resources",
        ],
    },
    // NestJS.
    Template {
        sentences: &["a progressive node js framework for building efficient and scalable server side applications"],
        headings: &[
            "description",
            "project setup",
            "installation",
            "compile and run the project",
            "running the app",
            "run tests",
            "test",
            "deployment",
            "resources",
            "support",
            "stay in touch",
            "license",
        ],
    },
    // Laravel.
    Template {
        sentences: &["laravel is a web application framework with expressive elegant syntax"],
        headings: &[
            "about laravel",
            "learning laravel",
            "laravel sponsors",
            "premium partners",
            "contributing",
            "code of conduct",
            "security vulnerabilities",
            "license",
        ],
    },
    // Spring Initializr, Vue CLI, Ansible Galaxy, Azure DevOps.
    Template {
        sentences: &[
            "for further reference please consider the following sections",
            "the following guides illustrate how to use some features concretely",
        ],
        headings: &["getting started", "reference documentation", "guides", "additional links"],
    },
    Template {
        sentences: &["customize configuration see configuration reference"],
        headings: &[
            "project setup",
            "compiles and hot reloads for development",
            "compiles and minifies for production",
            "lints and fixes files",
            "customize configuration",
        ],
    },
    Template {
        sentences: &[
            "a brief description of the role goes here",
            "any pre requisites that may not be covered by ansible itself",
        ],
        headings: &[
            "role name",
            "requirements",
            "role variables",
            "dependencies",
            "example playbook",
            "license",
            "author information",
        ],
    },
    Template {
        sentences: &[
            "todo give a short introduction of your project",
            "todo guide users through getting your code up and running",
        ],
        headings: &["introduction", "getting started", "build and test", "contribute"],
    },
];

/// For each section, whether its text is that of a generator.
pub(crate) fn sections(outline: &Outline) -> Vec<bool> {
    let mut texts: Vec<String> = vec![String::new(); outline.sections.len()];
    for block in &outline.blocks {
        let text = &mut texts[block.section];
        if text.len() < 20_000 {
            text.push(' ');
            text.push_str(&plain(&block.content.prose()));
        }
    }
    for (text, section) in texts.iter_mut().zip(&outline.sections) {
        text.insert_str(0, &plain(&section.heading));
    }
    let used = |template: &&Template| {
        texts.iter().any(|text| template.sentences.iter().any(|sentence| text.contains(sentence)))
    };
    let used: Vec<&Template> = TEMPLATES.iter().filter(used).collect();
    let of = |(section, text): (&super::outline::Section, &String)| {
        let heading = plain(&section.heading);
        used.iter().any(|template| {
            template.headings.contains(&heading.as_str())
                || template.sentences.iter().any(|sentence| text.contains(sentence))
        })
    };
    outline.sections.iter().zip(&texts).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    #[test]
    fn template_text_is_told_from_own_text() {
        let check = |text: &str, expected: &[bool]| assert_eq!(sections(&markdown::read(text)), expected, "{text}");
        let vite = "# React + Vite\n\nThis template provides a minimal setup to get React working in Vite with HMR.\n";
        check(vite, &[false, true]);
        check(&format!("{vite}\n## Shop\n\nOur shop sells tea.\n"), &[false, true, false]);
        check("# Shop\n\n## Getting started\n\nRun it.\n", &[false, false, false]);
    }
}
